/** A unit that needs nobody to write its records. */
package io.faultline.itest.stalling;
