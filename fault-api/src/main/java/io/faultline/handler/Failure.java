package io.faultline.handler;

import io.faultline.fault.Response;

/**
 * What an earlier handler of the chain failed at (R2). It holds no reference to that handler, so
 * that nothing pins a bundle that has left (R4).
 *
 * @param handler the handler's name
 * @param serviceId its {@code service.id}
 * @param reason its own words; for a throwable, class name and message
 * @param suggested the answer it suggested, or null
 */
public record Failure(String handler, long serviceId, String reason, Response suggested) {}
