/** The content of a bundle that uses another. */
package io.faultline.itest.user;
