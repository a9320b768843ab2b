using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.Publishing.Remote;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Task = System.Threading.Tasks.Task;

namespace Marketplace.Build.Tasks;

/// <summary>Writes disks of any format that is read as sparse fixed VHDs.</summary>
public sealed class ConvertVhd : VmImageTask
{
    /// <summary>The disks: files or addresses of blobs.</summary>
    [Required]
    public ITaskItem[] Disks { get; set; } = [];

    /// <summary>The storage account the image is published to: its credential opens disks that are blobs of it.</summary>
    public string Account { get; set; } = "";

    /// <summary>The folder to write to.</summary>
    [Required]
    public string OutputDirectory { get; set; } = "";

    /// <summary>The files that were written, in the order of the disks.</summary>
    [Output]
    public ITaskItem[] ConvertedDisks { get; private set; } = [];

    /// <inheritdoc />
    protected override string WhatCancellationLeaves => "No file was left half written. Run the command again.";

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var names = Disks.Select(disk => Path.GetFileNameWithoutExtension(disk.ItemSpec) + ".vhd").ToList();
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            Diagnostics.Error(SdkCodes.OutputFile, $"Two disks would be written to '{same.Key}' in '{OutputDirectory}'. Rename one of their files.");
            return Task.CompletedTask;
        }

        List<ITaskItem> converted = [];
        foreach (var (disk, name) in Disks.Zip(names))
        {
            var path = Path.Combine(Absolute(OutputDirectory), name);
            if (Convert(disk.ItemSpec, path, cancellationToken))
            {
                Diagnostics.Line($"{disk.ItemSpec} -> {path}");
                converted.Add(new TaskItem(path));
            }
        }

        ConvertedDisks = [.. converted];
        return Task.CompletedTask;
    }

    private bool Convert(string source, string path, CancellationToken cancellationToken)
    {
        var from = Absolute(source);
        try
        {
            using var image = RemoteDiskAddress.IsAddress(from)
                ? DiskImage.Open(RemoteDisk.Open(RemoteDiskAddress.Parse(from), Account, Environment.GetEnvironmentVariable))
                : DiskImage.Open(from);
            if (image.FindConversionObstacle() is { } reason)
            {
                Diagnostics.Error(SdkCodes.NotConvertible, $"The disk '{source}' cannot be converted: {reason}. Build the project to see what is wrong with it.", from);
                return false;
            }

            if (string.Equals(from, path, StringComparison.OrdinalIgnoreCase))
            {
                Diagnostics.Error(SdkCodes.NotConvertible, $"The disk '{source}' would be replaced by its own conversion. Set VmImageConvertedDirectory to another folder.", from);
                return false;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var modified = RemoteDiskAddress.IsAddress(from) ? TimeProvider.System.GetUtcNow() : File.GetLastWriteTimeUtc(from);
            FixedVhdFile.Write(new FixedVhdView(image.Disk!, Guid.NewGuid(), modified), path, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DiskFormatException)
        {
            Diagnostics.Error(SdkCodes.NotConvertible, $"The disk '{source}' cannot be converted: {exception.Message.TrimEnd('.')}. Correct the path, make room or repair the disk, then run the target again.", from);
            return false;
        }
    }
}
