using System.Globalization;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>Finds the volume of a disk that <c>fstab</c> or a boot loader names.</summary>
internal static class DeviceNames
{
    /// <summary>Names of a whole disk under which the first disk of a machine, the one with the system, is known.</summary>
    private static readonly string[] FirstDisks =
    [
        "/dev/sda", "/dev/vda", "/dev/xvda", "/dev/hda", "/dev/nvme0n1p", "/dev/mmcblk0p", "/dev/disk/azure/root-part", "/dev/disk/azure/os-part", "/dev/disk/cloud/azure_root-part",
    ];

    /// <summary>The volume, or null and why there is none.</summary>
    public static (Volume? Volume, string Reason) Find(DiskLayout layout, string source)
    {
        (string tag, string value) = Split(source);
        if (tag.Length > 0)
        {
            Volume[] tagged = value.Length == 0 ? [] : [.. layout.Volumes.Where(volume => HasTag(volume, tag, value))];
            if (tagged.Length > 1)
            {
                // Which of them the links of udev lead to is decided by a race.
                return (null, $"{tagged.Length} volumes of this disk have the {tag} {FileName.ToDisplay(value)}, and nothing says which one is used");
            }

            return tagged.Length == 1 ? (tagged[0], "") : (null, $"no volume of this disk has the {tag} {FileName.ToDisplay(value)}");
        }

        Volume? found = FindByName(layout, value);
        return (found, found is not null ? ""
            : IsLogicalVolume(source) ? "no logical volume of this disk has that name"
            : "no volume of this disk is known by that name");
    }

    private static bool HasTag(Volume volume, string tag, string value) => tag switch
    {
        "UUID" => value.Equals(volume.Uuid, StringComparison.OrdinalIgnoreCase),
        "LABEL" => value == volume.Label,
        "PARTUUID" => value.Equals(volume.Partition?.PartUuid, StringComparison.OrdinalIgnoreCase),
        _ => value == volume.Partition?.Name,
    };

    /// <summary>Splits <c>TAG=value</c> and the links in <c>/dev/disk</c> that mean the same.</summary>
    private static (string Tag, string Value) Split(string source)
    {
        foreach (string tag in (ReadOnlySpan<string>)["UUID", "LABEL", "PARTUUID", "PARTLABEL"])
        {
            if (source.StartsWith(tag + "=", StringComparison.Ordinal))
            {
                return (tag, source[(tag.Length + 1)..]);
            }

            string directory = $"/dev/disk/by-{tag.ToLowerInvariant()}/";
            if (source.StartsWith(directory, StringComparison.Ordinal))
            {
                return (tag, DecodeUdev(source[directory.Length..]));
            }
        }

        return ("", source);
    }

    /// <summary>udev writes a character it cannot use in a link as <c>\x</c> and two hexadecimal digits.</summary>
    private static string DecodeUdev(string name)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(name);
        int count = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\\' && i + 3 < bytes.Length && bytes[i + 1] == 'x'
                && byte.TryParse(bytes.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                bytes[count++] = value;
                i += 3;
            }
            else
            {
                bytes[count++] = bytes[i];
            }
        }

        return FileName.Decode(bytes.AsSpan(0, count));
    }

    private static Volume? FindByName(DiskLayout layout, string name)
    {
        foreach (string disk in FirstDisks)
        {
            if (!name.StartsWith(disk, StringComparison.Ordinal))
            {
                continue;
            }

            if (int.TryParse(name.AsSpan(disk.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return layout.Volumes.FirstOrDefault(volume => volume.Partition?.Number == number);
            }

            if (name.Length == disk.Length)
            {
                return layout.Volumes.FirstOrDefault(volume => volume.IsWholeDisk);
            }
        }

        return layout.Volumes.FirstOrDefault(volume => volume.LogicalVolume is { } logical && IsNameOf(name, logical));
    }

    /// <summary>The device, the link in the directory of the group, and the link by the name of the device.</summary>
    private static bool IsNameOf(string name, LogicalVolumeName logical) =>
        name == "/dev/mapper/" + logical.MapperName || name == $"/dev/{logical.Group}/{logical.Name}" || name == "/dev/disk/by-id/dm-name-" + logical.MapperName;

    /// <summary><c>/dev/mapper/vg-lv</c>, or <c>/dev/vg/lv</c> with a directory that is none of the system's own.</summary>
    private static bool IsLogicalVolume(string source) =>
        source.StartsWith("/dev/mapper/", StringComparison.Ordinal)
        || (source.StartsWith("/dev/", StringComparison.Ordinal) && source.Split('/') is { Length: 4 } names && names[2] is not ("disk" or "block" or "md" or "mapper"));
}
