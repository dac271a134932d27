/** Tests of what only a framework can show: that the bundles resolve, start, come and go. */
package io.faultline.itest;
