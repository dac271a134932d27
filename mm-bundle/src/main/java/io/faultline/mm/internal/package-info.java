/**
 * Address spaces for those who bring none of their own: {@code SpaceTable} makes them and knows who
 * uses them; {@code Space} keeps the books; {@code Modelled} is a model, {@code Mapped} a memory
 * mapping. A fault-in goes through {@code BoundSpace} (is it still bound?), {@code Areas} (what is
 * there?) and {@code PageTable} (is the page there already?).
 *
 * <p>Who asks, and what becomes of a page request, is none of this bundle's business.
 */
package io.faultline.mm.internal;
