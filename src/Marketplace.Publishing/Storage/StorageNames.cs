namespace Marketplace.Publishing.Storage;

/// <summary>The naming rules of accounts and containers (Azure Storage, "Naming and referencing containers, blobs, and metadata").</summary>
internal static class StorageNames
{
    private const int MinimumLength = 3;
    private const int MaximumAccountLength = 24;
    private const int MaximumContainerLength = 63;

    /// <summary>Checks both names of a target.</summary>
    /// <param name="target">The target.</param>
    /// <exception cref="PublishingException">MKT4021.</exception>
    public static void Check(StorageTarget target)
    {
        if (!target.IsEmulator && !IsAccount(target.Account))
        {
            throw new PublishingException("MKT4021", $"'{target.Account}' cannot be the name of a storage account: it must be {MinimumLength} to {MaximumAccountLength} lower-case letters and digits. Correct VmImageStorageAccount.");
        }

        if (!IsContainer(target.Container))
        {
            throw new PublishingException("MKT4021", $"'{target.Container}' cannot be the name of a container: it must be {MinimumLength} to {MaximumContainerLength} lower-case letters, digits and single hyphens, and begin and end with a letter or digit. Correct VmImageContainer.");
        }
    }

    private static bool IsAccount(string name) =>
        name.Length is >= MinimumLength and <= MaximumAccountLength && name.All(IsLetterOrDigit);

    private static bool IsContainer(string name) =>
        name.Length is >= MinimumLength and <= MaximumContainerLength
        && name.All(c => c == '-' || IsLetterOrDigit(c))
        && IsLetterOrDigit(name[0])
        && IsLetterOrDigit(name[^1])
        && !name.Contains("--", StringComparison.Ordinal);

    private static bool IsLetterOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
