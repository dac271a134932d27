package io.faultline.vtd.internal;

/**
 * Why, as a fault line or the second line of one says it: {@code [fault reason 06] PTE Read access
 * is not set}. Up to 5.13 the number is decimal, since then hexadecimal with {@code 0x}; Xen prints
 * {@code reason 06 - } and means hexadecimal.
 *
 * @param number 0 to 255, or {@link FaultReason#NOT_TOLD}
 * @param words the text behind it, as far as it is there
 * @param hexadecimal whether it has a {@code 0x}
 */
record LoggedReason(int number, String words, boolean hexadecimal) {
    static final LoggedReason NOT_TOLD = new LoggedReason(FaultReason.NOT_TOLD, "", false);

    private static final String BEGINNING = "[fault reason";

    /** Which kind of fault a second line names. */
    enum Family {
        DMA,
        INTERRUPT,
        /** None: perhaps it is the wrapped rest of a line. */
        UNNAMED;

        boolean isOf(boolean interrupt) {
            return this == UNNAMED || interrupt == (this == INTERRUPT);
        }
    }

    /** Reads number and words, which come next. */
    static LoggedReason read(Scan scan) {
        if (!scan.number()) {
            return NOT_TOLD;
        }
        boolean prefixed = scan.prefixed();
        int asHex = inRange(scan.hex());
        int asDecimal = inRange(scan.decimal());
        boolean hexDigits = scan.decimal() < 0;
        scan.skip("]");
        String words = scan.rest();
        boolean hex =
                prefixed
                        || hexDigits
                        // a kernel that leaves out the 0x
                        || (!isPrinted(asDecimal, words) && isPrinted(asHex, words));
        return new LoggedReason(hex ? asHex : asDecimal, words, prefixed);
    }

    private static int inRange(long told) {
        return told >= 0 && told <= 0xff ? (int) told : FaultReason.NOT_TOLD;
    }

    /** Whether the words belong to a reason, as far as they go. */
    private static boolean isPrinted(int number, String words) {
        FaultReason reason = FaultReason.of(number);
        return reason.isPrintedAs(words) || reason.isCut(words);
    }

    /**
     * Reads the second line of a fault.
     *
     * @return {@link #NOT_TOLD} if it is no such line
     */
    static LoggedReason ofSecondLine(String text) {
        if (!text.contains("reason ")) {
            return NOT_TOLD;
        }
        Scan scan = new Scan(text);
        if (scan.find(BEGINNING)) {
            return read(scan);
        }
        if ((scan.find("dmar: reason") || scan.find("intr-remap: reason")) && scan.number()) {
            int number = inRange(scan.hex());
            scan.skip("-");
            return new LoggedReason(number, scan.rest(), false);
        }
        return NOT_TOLD;
    }

    /** Tells what a second line names in front of the reason. */
    static Family family(String text) {
        Scan scan = new Scan(text);
        if (scan.find("intr-remap:") && isNext(scan)) {
            return Family.INTERRUPT;
        }
        scan.at(0);
        while (scan.find("dmar:")) { // 4.2 to 4.5 have it twice
            if (isNext(scan)) {
                return Family.DMA;
            }
        }
        return Family.UNNAMED;
    }

    private static boolean isNext(Scan scan) {
        return scan.skip(BEGINNING) || scan.skip("reason");
    }

    boolean isTold() {
        return number != FaultReason.NOT_TOLD;
    }

    /** Whether the words are all there as Linux prints them. */
    boolean isVerbatim() {
        return isTold() && FaultReason.of(number).isPrintedAs(words);
    }

    /** Whether something is missing behind it, or all of it. */
    boolean isCut() {
        return !isTold() || FaultReason.of(number).isCut(words);
    }
}
