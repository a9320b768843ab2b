using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Tests.Trees;

[TestClass]
public sealed class FstabTests
{
    [TestMethod]
    public void Reads_all_six_fields_and_the_line_number()
    {
        IReadOnlyList<FstabEntry> entries = Fstab.Parse("# comment\n\nUUID=1234 / ext4\trw,discard 0 1\r\n");

        FstabEntry entry = entries.Single();
        Assert.AreEqual(new FstabEntry(3, "UUID=1234", "/", "ext4", "rw,discard", 0, 1), entry);
    }

    [TestMethod]
    public void Missing_fields_have_the_defaults()
    {
        Assert.AreEqual(new FstabEntry(1, "/dev/sda1", "/", "ext4", "defaults", 0, 0), Fstab.Parse("/dev/sda1 / ext4").Single());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("   \n\t\n")]
    [DataRow("  # UUID=1 / ext4 defaults 0 1")]
    [DataRow("UUID=1 /")]
    public void Lines_that_mount_nothing_are_left_out(string text) => Assert.IsEmpty(Fstab.Parse(text));

    [TestMethod]
    [DataRow("LABEL=a\\040b", "LABEL=a b")]
    [DataRow("LABEL=\\303\\251", "LABEL=é")]
    [DataRow("LABEL=a\\134040", "LABEL=a\\040")]
    [DataRow("LABEL=a\\04", "LABEL=a\\04")]
    [DataRow("LABEL=\"root\"", "LABEL=root")]
    [DataRow("UUID='1-2'", "UUID=1-2")]
    [DataRow("LABEL=\"", "LABEL=\"")]
    public void Escapes_and_quotes_are_resolved(string field, string expected) =>
        Assert.AreEqual(expected, Fstab.Parse(field + " /x ext4 defaults 0 0").Single().Source);

    [TestMethod]
    public void A_comment_after_the_type_ends_the_line()
    {
        FstabEntry entry = Fstab.Parse("/dev/sdb1 /mnt auto defaults,nofail 0 2 # added by setup").Single();

        Assert.AreEqual(2, entry.PassNumber);
        Assert.IsTrue(entry.HasOption("nofail"));
    }

    [TestMethod]
    public void Options_are_found_by_their_whole_name()
    {
        FstabEntry entry = Fstab.Parse("tmpfs /tmp tmpfs noautofs,x-systemd.requires=a.service,size=1G,size=2G 0 0").Single();

        Assert.IsFalse(entry.HasOption("noauto"));
        Assert.AreEqual("a.service", entry.FindOption("x-systemd.requires"));
        Assert.AreEqual("2G", entry.FindOption("size"));
        Assert.IsNull(entry.FindOption("siz"));
    }

    [TestMethod]
    public void Only_line_feeds_end_lines()
    {
        Assert.AreEqual("/a\u2028b", Fstab.Parse("LABEL=x /a\u2028b ext4\n").Single().MountPoint);
    }

    [TestMethod]
    public void Random_text_is_read_without_an_exception()
    {
        Random random = new(20150910);
        const string Alphabet = "\\01347 \t\n\r#=\"'/aU,\uD800é";
        for (int i = 0; i < 5000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(60)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            foreach (FstabEntry entry in Fstab.Parse(text))
            {
                Assert.IsTrue(entry.Source.Length > 0 && entry.MountPoint.Length > 0 && entry.Type.Length > 0, text);
            }
        }
    }
}
