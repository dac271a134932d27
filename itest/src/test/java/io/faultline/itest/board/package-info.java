/** A unit in a bundle of its own. */
package io.faultline.itest.board;
