/** The content of a bundle whose component cannot be activated. */
package io.faultline.itest.broken;
