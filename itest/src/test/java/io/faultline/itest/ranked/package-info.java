/** Handlers that are ranked by configuration. */
package io.faultline.itest.ranked;
