/** A handler that stops its own bundle. */
package io.faultline.itest.quitting;
