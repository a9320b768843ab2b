using System.Globalization;
using System.Security.Cryptography;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Tests.Ntfs;

/// <summary>Files that NTFS or WOF has packed.</summary>
[TestClass]
public sealed class NtfsCompressionTests
{
    [TestMethod]
    public void Unpacks_what_wof_has_packed_with_every_algorithm()
    {
        NtfsFileSystem fileSystem = NtfsFixture.Open("ntfs-windows");
        List<string> differences = [];
        string[] truth = Fixture.Text("Ntfs/ntfs-windows-wof.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in truth)
        {
            string[] fields = line.Split('\t');
            FileNode node = fileSystem.At("/wof" + fields[0]);
            Assert.AreEqual(FileKind.Regular, node.Kind);
            try
            {
                string digest = node.Size.ToString(CultureInfo.InvariantCulture) == fields[1] ? Convert.ToHexStringLower(SHA256.HashData(node.ReadAll())) : $"size {node.Size}";
                if (digest != fields[2])
                {
                    differences.Add($"{line}: {digest}");
                }
            }
            catch (DiskFormatException e)
            {
                differences.Add($"{line}: {e.Message}");
            }
        }

        Assert.IsEmpty(differences, string.Join('\n', differences));
        Assert.HasCount(36, truth);
    }
}
