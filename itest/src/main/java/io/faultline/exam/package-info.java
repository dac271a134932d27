/**
 * What a test in the container is written with: a Jupiter extension that runs test methods inside a
 * bundle of a real framework, bundles built while the test runs, and the bundles of this build.
 */
package io.faultline.exam;
