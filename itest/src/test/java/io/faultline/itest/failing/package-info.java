/** A handler whose activation throws. */
package io.faultline.itest.failing;
