using System.Globalization;

namespace Marketplace.Publishing.Catalog;

/// <summary>A version X.Y.Z of three integers (section 5.3 of the guide); ordered by X, then Y, then Z.</summary>
/// <param name="Major">X.</param>
/// <param name="Minor">Y.</param>
/// <param name="Patch">Z.</param>
internal readonly record struct ImageVersion(int Major, int Minor, int Patch) : IComparable<ImageVersion>
{
    /// <summary>Reads a version.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version.</param>
    public static bool TryParse(string text, out ImageVersion version)
    {
        version = default;
        string[] parts = text.Split('.');
        if (parts.Length != 3 || !TryParsePart(parts[0], out int major) || !TryParsePart(parts[1], out int minor) || !TryParsePart(parts[2], out int patch))
        {
            return false;
        }

        version = new ImageVersion(major, minor, patch);
        return true;
    }

    /// <inheritdoc />
    public int CompareTo(ImageVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static bool TryParsePart(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
