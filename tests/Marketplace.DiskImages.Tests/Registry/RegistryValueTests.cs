using Marketplace.DiskImages.Registry;

namespace Marketplace.DiskImages.Tests.Registry;

[TestClass]
public sealed class RegistryValueTests
{
    [TestMethod]
    [DataRow("string", "plain")]
    [DataRow("STRING with spaces", "grüß € 😀")]
    [DataRow("empty string", "")]
    [DataRow("no terminator", "abc")]
    [DataRow("embedded", "seen")]
    [DataRow("odd", "ab")]
    [DataRow("expand", @"%SystemRoot%\system32")]
    [DataRow("link", @"\Registry\Machine\X")]
    [DataRow("", "the default value")]
    [DataRow("latin \u00e9", "1")]
    [DataRow("LATIN \u00c9", "1")]
    [DataRow("utf16 \u0416\u6f22", "2")]
    [DataRow("utf16 \u0436\u6f22", "2")]
    [DataRow("dword", null)]
    [DataRow("multi", null)]
    [DataRow("none", null)]
    public void Reads_strings_as_programs_see_them(string name, string? text) => Assert.AreEqual(text, Value(name).ReadString());

    [TestMethod]
    public void Keeps_what_stands_behind_the_first_NUL_in_the_bytes() => Assert.AreEqual("seen\0hidden\0", System.Text.Encoding.Unicode.GetString(Value("embedded").ReadBytes()));

    [TestMethod]
    [DataRow("multi", "one|two")]
    [DataRow("multi open", "one|two")]
    [DataRow("multi hole", "one")]
    [DataRow("string", null)]
    public void Reads_lists_of_strings(string name, string? texts)
    {
        IReadOnlyList<string>? strings = Value(name).ReadStrings();

        Assert.AreEqual(texts, strings is null ? null : string.Join('|', strings));
    }

    [TestMethod]
    [DataRow("dword", 0x12345678u)]
    [DataRow("dword big endian", 0x12345678u)]
    [DataRow("qword", null)]
    [DataRow("binary 4", null)]
    public void Reads_numbers(string name, uint? number) => Assert.AreEqual(number, Value(name).ReadUInt32());

    [TestMethod]
    [DataRow("qword", 0x123456789ABCDEF0ul)]
    [DataRow("dword", 0x12345678ul)]
    [DataRow("string", null)]
    public void Reads_long_numbers(string name, ulong? number) => Assert.AreEqual(number, Value(name).ReadUInt64());

    [TestMethod]
    public void Refuses_a_number_of_another_length() => Expect.Corrupt("registry value", () => Value("short dword").ReadUInt32());

    [TestMethod]
    [DataRow("binary 1", "FF")]
    [DataRow("binary 4", "01020304")]
    [DataRow("binary 5", "0102030405")]
    [DataRow("nothing", "")]
    public void Reads_bytes(string name, string hex) => Assert.AreEqual(hex, Convert.ToHexString(Value(name).ReadBytes()));

    [TestMethod]
    public void Keeps_types_that_have_no_name() => Assert.AreEqual(0x12345, (int)Value("own type").Type);

    [TestMethod]
    [DataRow(16343)]
    [DataRow(16344)]
    [DataRow(16345)]
    [DataRow(32688)]
    [DataRow(32689)]
    [DataRow(100_000)]
    public void Reads_large_values(int size)
    {
        byte[] bytes = Hives.Everything.FindKey("Sizes")!.FindValue($"size {size}")!.ReadBytes();

        CollectionAssert.AreEqual(Enumerable.Range(0, size).Select(i => (byte)(i * 7 % 251)).ToArray(), bytes);
    }

    private static RegistryValue Value(string name) => Hives.Everything.Root.FindValue(name) ?? throw new AssertFailedException($"There is no value '{name}'.");
}
