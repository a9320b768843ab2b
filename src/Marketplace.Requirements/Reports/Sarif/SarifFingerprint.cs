using System.Security.Cryptography;
using System.Text;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Sarif;

/// <summary>What makes a finding the same one in the next run: its code, disk, file inside it and what was found there, not the line.</summary>
internal sealed class SarifFingerprint
{
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <summary>The fingerprints of the next finding. Equal findings are told apart by their order.</summary>
    public IReadOnlyDictionary<string, string> Next(Finding finding)
    {
        string[] parts = [finding.Code, finding.File, finding.PathInDisk, finding.Evidence.Length > 0 ? finding.Evidence : finding.Found];
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
        int ordinal = _seen.TryGetValue(hash, out int last) ? last + 1 : 1;
        _seen[hash] = ordinal;

        // The second name is the one code scanning compares; without it all findings at line 1 of the project look alike.
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["finding/v1"] = $"{hash}:{ordinal}",
            ["primaryLocationLineHash"] = $"{hash[..16]}:{ordinal}",
        };
    }
}
