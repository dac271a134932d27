/** The content of a bundle that measures: it brings HdrHistogram along. */
package io.faultline.itest.histogram;
