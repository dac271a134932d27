/**
 * Benchmarks of the paths that have to be fast, each beside the peer a user would pick instead,
 * measured in the same run.
 */
package io.faultline.bench;
