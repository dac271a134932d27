package io.faultline.kernellog.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.faultline.fault.TimeBase;
import io.faultline.log.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One incident, as every form of log has it. */
class LogFormsTest {
    private record Message(long micros, String device, String text) {
        String seconds() {
            return String.format(Locale.ROOT, "%5d.%06d", micros / 1_000_000, micros % 1_000_000);
        }
    }

    private static final String SMMU = "+platform:arm-smmu-v3.3.auto";

    private static final List<Message> INCIDENT =
            List.of(
                    new Message(12_000_000, null, "random: crng init done"),
                    new Message(12_345_678, null, "DMAR: DRHD: handling fault status reg 2"),
                    new Message(
                            12_345_680,
                            null,
                            "DMAR: [DMA Read NO_PASID] Request device [02:00.0] fault addr"
                                    + " 0xffe00000 [fault reason 0x06] PTE Read access is not set"),
                    new Message(
                            12_400_000,
                            SMMU,
                            "arm-smmu-v3 arm-smmu-v3.3.auto: event 0x10 received:"),
                    new Message(
                            12_400_001,
                            SMMU,
                            "arm-smmu-v3 arm-smmu-v3.3.auto: \t0x0000010000000010"),
                    new Message(
                            12_400_002,
                            SMMU,
                            "arm-smmu-v3 arm-smmu-v3.3.auto: \t0x0000020000000000"),
                    new Message(
                            12_400_003,
                            SMMU,
                            "arm-smmu-v3 arm-smmu-v3.3.auto: \t0x00000009000ff000"),
                    new Message(
                            12_400_004,
                            SMMU,
                            "arm-smmu-v3 arm-smmu-v3.3.auto: \t0x0000000000000000"),
                    new Message(12_500_000, null, "usb 1-1: \"quoted\" \\ and more"),
                    new Message(12_600_000, null, "dmar_fault: 2 callbacks suppressed"));

    private record Form(String name, TimeBase base, Function<List<Message>, String> print) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Form lines(String name, TimeBase base, Function<Message, String> line) {
        return new Form(
                name,
                base,
                messages ->
                        messages.stream().map(line).collect(Collectors.joining("\n", "", "\n")));
    }

    private static Form boot(String name, Function<Message, String> head) {
        return lines(name, TimeBase.BOOT, m -> head.apply(m) + m.text());
    }

    private static Form plain(String name, String head) {
        return lines(name, TimeBase.NONE, m -> head + m.text());
    }

    private static Form epoch(String name, String head) {
        return lines(name, TimeBase.EPOCH, m -> head + m.text());
    }

    private static String kmsg(Message message) {
        StringBuilder text = new StringBuilder();
        for (char c : message.text().toCharArray()) {
            text.append(c < ' ' || c == '\\' ? String.format("\\x%02x", (int) c) : "" + c);
        }
        String device =
                message.device() == null ? "" : "\n SUBSYSTEM=x\n DEVICE=" + message.device();
        return "3," + sequence(message) + "," + message.micros() + ",-;" + text + device;
    }

    private static int sequence(Message message) {
        return 700 + INCIDENT.indexOf(message);
    }

    private static String json(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t") + '"';
    }

    private static String bytes(String text) {
        return text.chars().mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }

    private static String journalJson(Message message, String text) {
        String device =
                message.device() == null ? "" : ",\"_KERNEL_DEVICE\":" + json(message.device());
        return "{\"__REALTIME_TIMESTAMP\":\"1699006951123456\",\"MESSAGE\":"
                + text
                + ",\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\",\"PRIORITY\":\"3\""
                + ",\"_SOURCE_MONOTONIC_TIMESTAMP\":\""
                + message.micros()
                + "\""
                + device
                + ",\"__CURSOR\":\"s=1;i=2\"}";
    }

    private static String export(Message message, String field) {
        String device = message.device() == null ? "" : "_KERNEL_DEVICE=" + message.device() + "\n";
        return "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1699006951123456\n__MONOTONIC_TIMESTAMP=1\n"
                + "_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\n"
                + field
                + "\nPRIORITY=3\nSYSLOG_FACILITY=0\n"
                + device
                + "_SOURCE_MONOTONIC_TIMESTAMP="
                + message.micros()
                + "\n";
    }

    private static String binaryField(String text) {
        StringBuilder field = new StringBuilder("MESSAGE\n");
        for (int i = 0; i < 8; i++) {
            field.append(i == 0 ? (char) text.length() : '\0');
        }
        return field.append(text).toString();
    }

    private static String verbose(Message message) {
        String device =
                message.device() == null ? "" : "    _KERNEL_DEVICE=" + message.device() + "\n";
        return "Fri 2023-11-03 10:22:31.123456 UTC [s=1;i=2;b=3;m=4;t=5;x=6]\n"
                + "    _TRANSPORT=kernel\n    PRIORITY=3\n    MESSAGE="
                + message.text()
                + "\n"
                + device
                + "    _SOURCE_MONOTONIC_TIMESTAMP="
                + message.micros();
    }

    private static String jsonPretty(Message message) {
        String device =
                message.device() == null
                        ? ""
                        : "\t\"_KERNEL_DEVICE\" : " + json(message.device()) + ",\n";
        return "{\n\t\"__CURSOR\" : \"s=1\",\n\t\"_TRANSPORT\" : \"kernel\",\n"
                + device
                + "\t\"MESSAGE\" : "
                + json(message.text())
                + ",\n\t\"_SOURCE_MONOTONIC_TIMESTAMP\" : \""
                + message.micros()
                + "\"\n}";
    }

    private static String dmesgJson(List<Message> messages) {
        return messages.stream()
                .map(
                        m ->
                                "{\n         \"pri\": 3,\n         \"time\": "
                                        + m.seconds()
                                        + ",\n         \"msg\": "
                                        + json(m.text())
                                        + "\n      }")
                .collect(Collectors.joining(",", "{\n   \"dmesg\": [\n      ", "\n   ]\n}\n"));
    }

    static Stream<Form> forms() {
        return Stream.of(
                boot("dmesg", m -> "[" + m.seconds() + "] "),
                boot("dmesg with callers", m -> "[" + m.seconds() + "] [    T12] "),
                boot("dmesg -x", m -> "kern  :err   : [" + m.seconds() + "] "),
                boot("dmesg -r", m -> "<3>[" + m.seconds() + "] "),
                boot("dmesg -d", m -> "[" + m.seconds() + " <    0.000001>] "),
                plain("dmesg -t", ""),
                plain("dmesg -e", "[  +0.000001] "),
                epoch("dmesg -T", "[Fri Nov  3 10:22:31 2023] "),
                epoch("dmesg --time-format iso", "2023-11-03T10:22:31,123456+00:00 "),
                boot(
                        "dmesg in colours",
                        m -> "\u001b[32m[" + m.seconds() + "] \u001b[0m\u001b[33m"),
                boot("kmsg in a forum", m -> "> [" + m.seconds() + "] "),
                boot("quoted twice", m -> ">> [" + m.seconds() + "] "),
                boot("quoted in HTML", m -> "&gt; [" + m.seconds() + "]&nbsp;"),
                plain("journalctl -k", "Nov 03 10:22:31 host kernel: "),
                epoch("journalctl -o short-iso", "2023-11-03T10:22:31+0000 host kernel: "),
                epoch("journalctl -o short-full", "Fri 2023-11-03 10:22:31 UTC host kernel: "),
                boot("journalctl -o short-monotonic", m -> "[" + m.seconds() + "] host kernel: "),
                epoch("journalctl -o short-unix", "1699006951.123456 host kernel: "),
                lines("journalctl -o json", TimeBase.BOOT, m -> journalJson(m, json(m.text()))),
                lines(
                        "journalctl -o json, bytes",
                        TimeBase.BOOT,
                        m -> journalJson(m, bytes(m.text()))),
                lines(
                        "journalctl -o json-seq",
                        TimeBase.BOOT,
                        m -> "\u001e" + journalJson(m, json(m.text()))),
                lines("journalctl -o json-pretty", TimeBase.BOOT, LogFormsTest::jsonPretty),
                new Form("dmesg --json", TimeBase.BOOT, LogFormsTest::dmesgJson),
                lines("journalctl -o export", TimeBase.BOOT, m -> export(m, "MESSAGE=" + m.text())),
                lines(
                        "journalctl -o export, binary",
                        TimeBase.BOOT,
                        m -> export(m, binaryField(m.text()))),
                lines("journalctl -o verbose", TimeBase.BOOT, LogFormsTest::verbose),
                boot("syslog", m -> "Nov  3 10:22:31 host kernel: [" + m.seconds() + "] "),
                boot(
                        "syslog, new",
                        m ->
                                "2023-11-03T10:22:31.123456+01:00 host kernel: ["
                                        + m.seconds()
                                        + "] "),
                boot(
                        "syslog from afar",
                        m -> "<3>Nov  3 10:22:31 h kernel: [" + m.seconds() + "] "),
                lines("kmsg", TimeBase.BOOT, LogFormsTest::kmsg),
                lines("serial", TimeBase.BOOT, m -> "[" + m.seconds() + "] " + m.text() + "\r"),
                new Form(
                        "serial, cut at both ends",
                        TimeBase.BOOT,
                        messages ->
                                "345] nothing\r\n"
                                        + messages.stream()
                                                .map(m -> "[" + m.seconds() + "] " + m.text())
                                                .collect(Collectors.joining("\r\n"))),
                boot("serial with times", m -> "[2023-11-03 10:22:31.5] [" + m.seconds() + "] "),
                boot("pstore", m -> "<3>[" + m.seconds() + "] "),
                boot("ramdump", m -> "0x000000000277BBFA |  " + m.seconds() + ":   "),
                boot("grep", m -> "kern.log:17:[" + m.seconds() + "] "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void giveTheSameLines(Form form) {
        int[] words = {0};
        FakeDecoder decoder =
                new FakeDecoder(
                        line -> words[0] = line.text().endsWith("received:") ? 4 : words[0] - 1,
                        "DMAR: [",
                        "event 0x",
                        "DRHD:",
                        "callbacks suppressed",
                        "\"quoted\" \\",
                        "nowhere");

        Logs.read(form.print().apply(INCIDENT), decoder);

        List<String> expected = INCIDENT.stream().skip(1).map(Message::text).toList();
        assertEquals(expected, decoder.texts());
        List<Long> times = new ArrayList<>();
        for (LogLine line : decoder.lines()) {
            assertEquals(form.base(), line.timeBase(), line::text);
            times.add(line.time() / 1000);
        }
        if (form.base() == TimeBase.BOOT) {
            assertEquals(INCIDENT.stream().skip(1).map(Message::micros).toList(), times);
        }
    }

    static Stream<Form> formsWithDevices() {
        return forms().filter(
                        form -> form.name().matches("kmsg|journalctl -o (json|export|verbose).*"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formsWithDevices")
    void giveTheDevice(Form form) {
        FakeDecoder decoder = new FakeDecoder("arm-smmu-v3.3.auto: ", "DRHD:");

        Logs.read(form.print().apply(INCIDENT), decoder);

        assertEquals(
                INCIDENT.stream()
                        .filter(m -> m.text().contains("DRHD") || m.device() != null)
                        .map(Message::device)
                        .toList(),
                decoder.lines().stream().map(LogLine::device).toList());
    }
}
