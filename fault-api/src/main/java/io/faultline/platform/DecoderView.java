package io.faultline.platform;

/**
 * A decoder, encoder or line decoder as the platform sees it.
 *
 * @param role {@code records}, {@code lines} or {@code responses}
 * @param arch the architecture
 * @param queue the kind of queue; null for line decoders and encoders
 * @param bundle symbolic name of its bundle, or {@code -}
 * @param bundleId its bundle's id, or -1
 * @param state {@code active}, or why it is not used
 */
public record DecoderView(
        String role, String arch, String queue, String bundle, long bundleId, String state) {}
