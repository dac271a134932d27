/** A handler whose ranking is no number. */
package io.faultline.itest.misranked;
