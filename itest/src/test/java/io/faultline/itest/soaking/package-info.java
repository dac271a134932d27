/** A handler that comes and goes as a bundle while the soak runs. */
package io.faultline.itest.soaking;
