/** The content of a bundle that others use. */
package io.faultline.itest.shared;
