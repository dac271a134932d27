/**
 * Starts Felix with the bundles that ship and those in the deploy folder, and stops it so that
 * every outstanding request is ended first.
 *
 * <p>Holds no fault handling: it runs outside of the framework and sees its bundles as files.
 */
package io.faultline.launcher;
