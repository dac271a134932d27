package io.faultline.itest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** An emulator that is not Faultline's, with the devices that docs/live.md names. */
record OtherEmulator(Path folder, Process process) implements AutoCloseable {
    private static final long RAM_BYTES = 64 << 20;

    private static final String SMMU =
            "qemu-system-aarch64 -M virt,iommu=smmuv3,gic-version=3,memory-backend=ram"
                    + " -cpu cortex-a57";
    private static final String VTD =
            "qemu-system-x86_64 -M q35,memory-backend=ram"
                    + " -device intel-iommu,intremap=off,aw-bits=48";

    static OtherEmulator start() throws IOException {
        return start(SMMU);
    }

    static OtherEmulator startVtd() throws IOException {
        return start(VTD);
    }

    private static OtherEmulator start(String machine) throws IOException {
        Path folder = Files.createTempDirectory("qemu");
        try (RandomAccessFile ram = new RandomAccessFile(ram(folder).toFile(), "rw")) {
            ram.setLength(RAM_BYTES);
        }
        String options =
                (" -S -m 64"
                                + " -object memory-backend-file,id=ram,size=64M,mem-path=%s,share=on"
                                + " -device edu,addr=3 -device edu,addr=4 -device edu,addr=5"
                                + " -device intel-hda,addr=6 -device ahci,addr=7 -device edu,addr=8"
                                + " -nodefaults -display none -qtest-log /dev/null"
                                + " -qtest unix:%s,server=on,wait=off")
                        .formatted(ram(folder), socket(folder));
        return new OtherEmulator(
                folder,
                new ProcessBuilder((machine + options).split(" ", -1))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    private static Path socket(Path folder) {
        return folder.resolve("qtest");
    }

    private static Path ram(Path folder) {
        return folder.resolve("ram");
    }

    Path socket() {
        return socket(folder);
    }

    Path ram() {
        return ram(folder);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        Files.deleteIfExists(socket());
        Files.deleteIfExists(ram());
        Files.delete(folder);
    }
}
