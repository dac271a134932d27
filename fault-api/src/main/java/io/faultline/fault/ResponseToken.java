package io.faultline.fault;

/**
 * What an answer must give back to the hardware beside requester, PASID and index. Handlers treat
 * it as opaque; an encoder reads it.
 *
 * @param generation the unit's generation when the group was read; an answer to an older one is
 *     refused
 * @param withPasid whether the answer carries the PASID (PCIe 10.5.2.2, PRG Response PASID
 *     Required)
 * @param last the Last bit of the record that completed the group
 * @param hasPrivateData whether the two words below are echoed (VT-d before 4.0: PDP)
 * @param private0 first word of private data
 * @param private1 second word of private data
 */
public record ResponseToken(
        int generation,
        boolean withPasid,
        boolean last,
        boolean hasPrivateData,
        long private0,
        long private1) {}
