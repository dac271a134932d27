package io.faultline.kernellog.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;

/**
 * Records of {@code /dev/kmsg}, as they are read from there or as a file that holds them. Every
 * record is looked at: their numbers tell where some are missing. Other lines are read as text.
 *
 * <p><b>Threads.</b> One.
 */
final class KmsgForm extends TextForm {
    private static final String DEVICE = " DEVICE=";

    private final Cursor cursor = new Cursor();
    private final byte[] message = new byte[ScannedLog.LINE_LIMIT];

    /** The record whose further lines may still come; null if there is none. */
    private KmsgHead open;

    private boolean wanted;
    private int length;
    private long owners;
    private long number;
    private String device;
    private boolean cut;
    private boolean joined;

    private boolean counting;
    private long lastSequence;

    KmsgForm(byte[] bytes, Delivery delivery, long number) {
        super(LogKind.KMSG, bytes, delivery, number);
    }

    @Override
    boolean looksAtEveryLine() {
        return true;
    }

    @Override
    void line(int from, int to, long lineOwners, boolean lineCut) {
        if (open != null && from < to && bytes[from] == ' ') {
            if (Cursor.isAt(bytes, from, to, DEVICE)) {
                int value = from + DEVICE.length();
                device = new String(bytes, value, to - value, ISO_8859_1).strip();
            }
            return;
        }
        cursor.on(bytes, from, to);
        KmsgHead head = KmsgHead.read(cursor);
        if (head == null) {
            handOver();
            super.line(from, to, lineOwners, lineCut);
            return;
        }
        if (!isRest(head)) {
            handOver();
            super.flush();
            begin(head);
        }
        gap(head);
        add(head, to, lineOwners, lineCut);
    }

    /** Whether a record goes on with a line of which the open one is a part. */
    private boolean isRest(KmsgHead head) {
        return open != null && open.flag() != '-' && head.flag() != '-' && follows(head);
    }

    private boolean follows(KmsgHead head) {
        return head.sequence() == lastSequence + 1;
    }

    private void begin(KmsgHead head) {
        open = head;
        wanted = delivery.wantsNext() || head.flag() != '-';
        length = 0;
        owners = 0;
        number = number();
        device = null;
        cut = false;
        joined = false;
    }

    private void add(KmsgHead head, int to, long lineOwners, boolean lineCut) {
        owners |= lineOwners;
        if (wanted || owners != 0) {
            int room = Math.min(to - head.textFrom(), message.length - length);
            joined |= length > 0;
            length =
                    KmsgHead.unescape(
                            bytes, head.textFrom(), head.textFrom() + room, message, length);
            cut |= lineCut || room < to - head.textFrom();
        }
    }

    private void gap(KmsgHead head) {
        long missing = head.sequence() - lastSequence - 1;
        boolean later = Long.compareUnsigned(head.sequence(), lastSequence) > 0;
        if (counting && later && missing != 0) {
            long count = missing < 0 ? Long.MAX_VALUE : missing;
            delivery.lost(
                    frame(head),
                    count,
                    Long.toUnsignedString(missing)
                            + " records are missing before record "
                            + Long.toUnsignedString(head.sequence()));
        }
        counting = true;
        lastSequence = head.sequence();
    }

    private LogLine frame(KmsgHead head) {
        return new LogLine(
                number, "", head.nanos(), TimeBase.BOOT, device, head.fromKernel(), true);
    }

    private void handOver() {
        KmsgHead head = open;
        open = null;
        if (head != null && length > 0) {
            // Between the parts of a line there can be literals that no part had in full.
            long all = joined ? delivery.ownersIn(message, 0, length) : owners;
            if (all != 0 || delivery.wantsNext()) {
                delivery.message(message, 0, length, all, frame(head), cut);
            }
        }
    }

    /** Each read of the device gives a whole record; only a fragment is waited on. */
    @Override
    void pause() {
        if (open != null && open.flag() == '-') {
            handOver();
        }
    }

    @Override
    void flush() {
        handOver();
        super.flush();
    }
}
