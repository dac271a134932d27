/** The content of a bundle that is built while a test runs. */
package io.faultline.itest.hot;
