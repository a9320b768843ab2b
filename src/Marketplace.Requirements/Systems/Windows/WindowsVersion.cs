using System.Globalization;
using Marketplace.DiskImages.Registry;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>Which Windows it is: <c>SOFTWARE\Microsoft\Windows NT\CurrentVersion</c>.</summary>
/// <param name="ProductName">For example <c>Windows Server 2022 Datacenter</c>; empty when missing.</param>
/// <param name="EditionId">For example <c>ServerDatacenter</c>; empty when missing.</param>
/// <param name="InstallationType"><c>Server</c>, <c>Server Core</c> or <c>Client</c>; empty when missing.</param>
/// <param name="Build">The build, for example 20348.</param>
/// <param name="Revision">UBR, the number of the last cumulative update; null before Windows 8.1.</param>
/// <param name="BuildLab">BuildLabEx, which names the processor; empty when missing.</param>
internal sealed record WindowsVersion(string ProductName, string EditionId, string InstallationType, int Build, uint? Revision, string BuildLab)
{
    /// <summary>The key, as people write it.</summary>
    public const string KeyPath = @"HKLM\SOFTWARE\" + Key;

    private const string Key = @"Microsoft\Windows NT\CurrentVersion";

    /// <summary>Whether it is a server; the product name tells where the type is missing.</summary>
    public bool IsServer => InstallationType.Length > 0
        ? InstallationType.StartsWith("Server", StringComparison.OrdinalIgnoreCase)
        : ProductName.Contains("Server", StringComparison.OrdinalIgnoreCase) || EditionId.StartsWith("Server", StringComparison.OrdinalIgnoreCase);

    /// <summary>Build and revision, for example <c>20348.2655</c>.</summary>
    public string BuildText => Build.ToString(CultureInfo.InvariantCulture) + (Revision is { } revision ? "." + revision.ToString(CultureInfo.InvariantCulture) : "");

    /// <summary>For example <c>Windows Server 2022 Datacenter (build 20348.2655)</c>.</summary>
    public string Text => $"{(ProductName.Length > 0 ? Evidence.Quote(ProductName) : "Windows")} (build {BuildText})";

    /// <summary>Reads the key.</summary>
    /// <exception cref="CannotCheckException">It is missing, or says no build.</exception>
    public static WindowsVersion Read(WindowsSystem system)
    {
        RegistryKey? key = system.FindSoftware(Key);
        string build = key.Text("CurrentBuild") ?? key.Text("CurrentBuildNumber") ?? "";
        return int.TryParse(build, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new WindowsVersion(key.Text("ProductName") ?? "", key.Text("EditionID") ?? "", key.Text("InstallationType") ?? "", number, key.Number("UBR"), key.Text("BuildLabEx") ?? "")
            : throw new CannotCheckException($"the registry does not say which build of Windows it is ({KeyPath}, CurrentBuild)");
    }
}
