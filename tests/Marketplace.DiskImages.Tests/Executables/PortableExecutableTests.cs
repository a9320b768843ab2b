using System.Diagnostics;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Executables;

namespace Marketplace.DiskImages.Tests.Executables;

[TestClass]
public sealed class PortableExecutableTests
{
    private const string Header = "portable executable header";
    private const string Resources = "portable executable resources";
    private const string Version = "version resource";
    private static readonly Version Expected = new(10, 0, 14393, 953);
    private static readonly MemoryContent Good = new(ExecutableBuilder.Create(Expected));

    [TestMethod]
    public void Reads_processor_and_version()
    {
        PortableExecutable file = PortableExecutable.Open(Good);

        Assert.AreEqual(ExecutableMachine.X64, file.Machine);
        Assert.AreEqual(Expected, file.ReadFileVersion());
    }

    /// <summary>The runtime reads the version of its own libraries from their metadata, which is another place.</summary>
    [TestMethod]
    public void Reads_the_version_of_every_library_of_the_runtime()
    {
        int compared = 0;
        foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll"))
        {
            FileVersionInfo info = FileVersionInfo.GetVersionInfo(path);
            using FileContent content = FileContent.Open(path);

            Assert.AreEqual(new Version(info.FileMajorPart, info.FileMinorPart, info.FileBuildPart, info.FilePrivatePart), PortableExecutable.Open(content).ReadFileVersion(), path);
            compared++;
        }

        Assert.IsGreaterThan(50, compared);
    }

    [TestMethod]
    public void A_file_of_32_bits_has_its_directories_elsewhere()
    {
        byte[] file = ExecutableBuilder.Create(Expected, 0x14C);
        byte[] directory = file[(ExecutableBuilder.OptionalHeader + 108)..(ExecutableBuilder.OptionalHeader + 140)];
        file.AsSpan(ExecutableBuilder.OptionalHeader + 108, 32).Clear();
        directory.CopyTo(file, ExecutableBuilder.OptionalHeader + 92);
        file[ExecutableBuilder.OptionalHeader + 1] = 1;

        PortableExecutable read = PortableExecutable.Open(new MemoryContent(file));

        Assert.AreEqual(ExecutableMachine.X86, read.Machine);
        Assert.AreEqual(Expected, read.ReadFileVersion());
    }

    [TestMethod]
    public void Without_a_directory_of_resources_there_is_no_version() => Assert.IsNull(Read(ExecutableBuilder.OptionalHeader + 108, 2));

    [TestMethod]
    public void Without_a_version_among_the_resources_there_is_none() => Assert.IsNull(Read(ExecutableBuilder.Resources + 24, 15));

    [TestMethod]
    public void The_number_of_the_first_name_does_not_matter() => Assert.AreEqual(Expected, Read(ExecutableBuilder.Resources + 48, 7));

    [TestMethod]
    [DataRow(0)]
    [DataRow(0x3C)]
    [DataRow(ExecutableBuilder.HeaderPosition)]
    [DataRow(ExecutableBuilder.HeaderPosition + 6)]
    [DataRow(ExecutableBuilder.OptionalHeader)]
    public void A_wrong_byte_in_the_headers(int offset) => Expect.Corrupt(Header, () => Read(offset, 0xFE));

    [TestMethod]
    public void A_short_optional_header() => Expect.Truncated(Header, () => Read(ExecutableBuilder.HeaderPosition + 20, 64));

    [TestMethod]
    public void Sections_beyond_the_end() => Expect.Truncated(Header, () => Read(ExecutableBuilder.HeaderPosition + 6, 40));

    [TestMethod]
    public void Resources_in_no_section() => Expect.Corrupt(Resources, () => Read(ExecutableBuilder.OptionalHeader + 112 + 18, 1));

    [TestMethod]
    public void A_section_that_is_shorter_than_its_resources() => Expect.Truncated(Resources, () => Read(ExecutableBuilder.SectionHeader + 16, 20, 0));

    [TestMethod]
    public void A_section_beyond_the_end_of_the_file() => Expect.Truncated(Resources, () => Read(ExecutableBuilder.SectionHeader + 21, 0x7F));

    [TestMethod]
    public void More_entries_than_the_section_holds() => Expect.Truncated(Resources, () => Read(ExecutableBuilder.Resources + 14, 0xFF));

    [TestMethod]
    public void More_entries_than_are_read() => Expect.Unsupported(Resources, () => Read(ExecutableBuilder.Resources + 15, 0x7F));

    [TestMethod]
    public void A_version_without_names() => Expect.Corrupt(Resources, () => Read(ExecutableBuilder.Resources + 31, 0));

    [TestMethod]
    public void Languages_that_are_a_directory() => Expect.Corrupt(Resources, () => Read(ExecutableBuilder.Resources + 87, 0x80));

    [TestMethod]
    public void A_directory_that_is_its_own_name() => Expect.Corrupt(Resources, () => Read(ExecutableBuilder.Resources + 52, 0));

    [TestMethod]
    public void A_short_version_resource() => Expect.Truncated(Version, () => Read(ExecutableBuilder.Leaf + 4, 91));

    [TestMethod]
    [DataRow(ExecutableBuilder.VersionInfo + 6)]
    [DataRow(ExecutableBuilder.VersionInfo + 2)]
    [DataRow(ExecutableBuilder.FixedInfo)]
    public void A_wrong_byte_in_the_version(int offset) => Expect.Corrupt(Version, () => Read(offset, 1));

    [TestMethod]
    public void An_empty_file_is_none() => Expect.Corrupt(Header, () => PortableExecutable.Open(new MemoryContent(0)));

    private static Version? Read(int offset, params byte[] bytes) => PortableExecutable.Open(Good.Patched(offset, bytes)).ReadFileVersion();
}
