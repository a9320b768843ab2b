using System.Text;
using Marketplace.DiskImages.Volumes.Lvm;

namespace Marketplace.DiskImages.Tests.Volumes.Lvm;

[TestClass]
public sealed class LvmTextParserTests
{
    private const string Structure = "LVM2 metadata text";

    [TestMethod]
    public void Values_are_numbers_texts_lists_and_sections()
    {
        LvmSection root = Parse("# comment\na = 1\nb=\"two # three\"# four\nc = [\"x\", 5,\n# in a list\n'y']\nd { e = -7 f { g = [] } }\nh = 1.5\ni = word\0 not a part of it {");

        Assert.AreEqual(1, root.RequireNumber("a", 1));
        Assert.AreEqual("two # three", root.RequireText("b"));
        Assert.AreSequenceEqual(new object[] { "x", 5L, "y" }, root.RequireList("c"));
        Assert.IsEmpty(root.FindSection("d")!.FindSection("f")!.RequireList("g"));
        Assert.AreEqual("1.5", root.RequireText("h"));
        Assert.AreEqual("word", root.RequireText("i"));
        Assert.AreEqual("d/f", root.FindSection("d")!.FindSection("f")!.Path);
    }

    [TestMethod]
    [DataRow("\"a \\\"b\\\" c\"", "a \"b\" c")]
    [DataRow("\"back\\\\slash\"", "back\\slash")]
    [DataRow("\"\\n is not a line\"", "\\n is not a line")]
    [DataRow("\"\\\\\\\"\"", "\\\"")]
    [DataRow("\"{ } [ ] = , #\"", "{ } [ ] = , #")]
    [DataRow("'no \\\" escape'", "no \\\" escape")]
    [DataRow("\"\"", "")]
    public void Texts_in_quotes(string text, string expected)
    {
        Assert.AreEqual(expected, Parse("a = " + text).RequireText("a"));
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow("a =")]
    [DataRow("a b")]
    [DataRow("a {")]
    [DataRow("a { b = 1")]
    [DataRow("a = \"x")]
    [DataRow("a = \"x\\\"")]
    [DataRow("a = [1, 2")]
    [DataRow("a = [[1]]")]
    [DataRow("a = {}")]
    [DataRow("}")]
    [DataRow("= 1")]
    [DataRow("a = 1 a = 2")]
    [DataRow("a = 1 a { }")]
    [DataRow("a\u0001 = 1")]
    [DataRow("a = 9223372036854775808")]
    public void What_breaks_the_grammar_is_refused(string text)
    {
        Expect.Corrupt(Structure, () => Parse(text));
    }

    [TestMethod]
    public void A_word_without_end_is_refused()
    {
        Expect.Corrupt(Structure, () => Parse(new string('a', 1 << 20) + " = 1"));
    }

    [TestMethod]
    public void Sections_without_end_do_not_exhaust_the_stack()
    {
        Expect.Unsupported(Structure, () => Parse(string.Concat(Enumerable.Repeat("a{", 1 << 20))));
    }

    [TestMethod]
    [DataRow("", "a{0}{{}}")]
    [DataRow("", "a{0}=1 ")]
    [DataRow("a=[", "1,")]
    public void A_text_of_16_MiB_stays_within_its_memory(string start, string repeated)
    {
        StringBuilder text = new(start);
        for (int i = 0; text.Length < LvmFormat.MaxTextSize; i++)
        {
            text.AppendFormat(System.Globalization.CultureInfo.InvariantCulture, repeated, i);
        }

        byte[] bytes = Encoding.ASCII.GetBytes(text.ToString());
        long before = GC.GetAllocatedBytesForCurrentThread();

        Expect.Unsupported(Structure, () => LvmTextParser.Parse(bytes));

        Assert.IsLessThan(64L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static LvmSection Parse(string text) => LvmTextParser.Parse(Encoding.Latin1.GetBytes(text));
}
