using Marketplace.DiskImages;
using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>An instance of the SQL Server database engine: <c>SOFTWARE\Microsoft\Microsoft SQL Server\Instance Names\SQL</c>.</summary>
/// <param name="Name">For example <c>MSSQLSERVER</c>.</param>
/// <param name="Edition">For example <c>Standard Edition</c>; empty when missing.</param>
/// <param name="Version">For example <c>15.0.2000.5</c>; empty when missing.</param>
internal sealed record SqlInstance(string Name, string Edition, string Version)
{
    /// <summary>The key, as people write it.</summary>
    public const string KeyPath = @"HKLM\SOFTWARE\Microsoft\Microsoft SQL Server\Instance Names\SQL";

    private const int MaxInstances = 64; // 50 by the limits of SQL Server

    private static readonly string[] Roots = [@"Microsoft\Microsoft SQL Server", @"WOW6432Node\Microsoft\Microsoft SQL Server"];

    /// <summary>Whether it is the free edition that programs bring along.</summary>
    public bool IsExpress => Edition.Contains("Express", StringComparison.OrdinalIgnoreCase);

    /// <summary>The instances of 64 and of 32 bits.</summary>
    public static IReadOnlyList<SqlInstance> ReadAll(WindowsSystem system)
    {
        List<SqlInstance> instances = [];
        foreach (string root in Roots)
        {
            foreach (RegistryValue value in system.FindSoftware(root + @"\Instance Names\SQL")?.EnumerateValues() ?? [])
            {
                if (instances.Count == MaxInstances)
                {
                    throw new DiskFormatException(DiskFormatErrorKind.Unsupported, WindowsSystem.SoftwarePath, -1, $"there are more than {MaxInstances} instances of SQL Server");
                }

                RegistryKey? setup = value.ReadString() is { Length: > 0 } id ? system.FindSoftware($@"{root}\{id}\Setup") : null;
                instances.Add(new SqlInstance(value.Name, setup.Text("Edition") ?? "", setup.Text("Version") ?? ""));
            }
        }

        return [.. instances.DistinctBy(instance => instance.Name, StringComparer.OrdinalIgnoreCase)];
    }
}
