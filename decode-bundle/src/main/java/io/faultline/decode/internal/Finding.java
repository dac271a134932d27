package io.faultline.decode.internal;

/** One thing found in the input: a line of JSON, or a row of the table. */
sealed interface Finding permits FaultFinding, GroupFinding, MalformedFinding, Remark {
    /** Where it was found; of a group, where its last request was. */
    Place place();

    /** The word of the key {@code kind}. */
    String kind();

    /** Whose it is, as far as is known. */
    Whose whose();

    /** Gives all keys, in the order in which they are read best. */
    void describe(Keys keys);
}
