/** A handler that takes over what it is offered. */
package io.faultline.itest.deferring;
