namespace Marketplace.DiskImages.Tests;

/// <summary>Assertions on the one exception for bad images.</summary>
internal static class Expect
{
    public static DiskFormatException Corrupt(string structure, Action action) => Error(DiskFormatErrorKind.Corrupt, structure, action);

    public static DiskFormatException Truncated(string structure, Action action) => Error(DiskFormatErrorKind.Truncated, structure, action);

    public static DiskFormatException Unsupported(string structure, Action action) => Error(DiskFormatErrorKind.Unsupported, structure, action);

    private static DiskFormatException Error(DiskFormatErrorKind kind, string structure, Action action)
    {
        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(action);
        Assert.AreEqual((kind, structure), (error.Kind, error.Structure), error.Message);
        return error;
    }
}
