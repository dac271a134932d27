/**
 * A handler, a tap, a decoder and an encoder of one architecture that notice when they are called
 * after their deactivation.
 */
package io.faultline.itest.leaving;
