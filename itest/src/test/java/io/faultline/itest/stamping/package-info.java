/** A handler that shows which version of it runs. */
package io.faultline.itest.stamping;
