/** An address space that never comes to an end with a page. */
package io.faultline.itest.stuck;
