using System.Globalization;

namespace Marketplace.Requirements.Engine;

/// <summary>LUNs as projects write them.</summary>
internal static class LogicalUnitNumber
{
    /// <summary>The number, or null when the text is not made of decimal digits or is too large for any use.</summary>
    public static int? TryParse(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int lun) ? lun : null;
}
