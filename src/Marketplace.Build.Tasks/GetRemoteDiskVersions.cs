using Marketplace.Publishing;
using Marketplace.Publishing.Remote;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Task = System.Threading.Tasks.Task;

namespace Marketplace.Build.Tasks;

/// <summary>Asks the service for the entity tags of disks that are blobs, so that a build notices a change without reading them.</summary>
public sealed class GetRemoteDiskVersions : VmImageTask
{
    /// <summary>The disks of the project; those that are files are left out.</summary>
    [Required]
    public ITaskItem[] Disks { get; set; } = [];

    /// <summary>The storage account the image is published to.</summary>
    public string Account { get; set; } = "";

    /// <summary>Each address with its entity tag; one that cannot be asked for has a tag no other build has, so that the validation runs and tells why.</summary>
    [Output]
    public ITaskItem[] Versions { get; private set; } = [];

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        Versions = [.. Disks.Select(disk => disk.ItemSpec).Where(RemoteDiskAddress.IsAddress).Select(include => new TaskItem(Version(include)))];
        return Task.CompletedTask;
    }

    private string Version(string include)
    {
        try
        {
            var address = RemoteDiskAddress.Parse(include);
            using var disk = RemoteDisk.Open(address, Account, Environment.GetEnvironmentVariable);
            return $"{address.Uri.AbsoluteUri}|{disk.ETag}";
        }
        catch (PublishingException)
        {
            return Guid.NewGuid().ToString("N");
        }
    }
}
