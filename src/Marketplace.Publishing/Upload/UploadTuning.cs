namespace Marketplace.Publishing.Upload;

/// <summary>Numbers of the upload that tests choose smaller.</summary>
internal sealed record UploadTuning
{
    /// <summary>The numbers of the product.</summary>
    public static UploadTuning Default { get; } = new();

    /// <summary>How long a lease lasts without being renewed; the service allows 15 to 60 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the lease of another publish is waited for: a little longer than one of a killed publish lasts.</summary>
    public TimeSpan LeaseWait { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Time between two tries to get a lease.</summary>
    public TimeSpan LeasePoll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two looks at a copy the service makes.</summary>
    public TimeSpan CopyPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Cells that are sent at once: enough to hide the latency of a request, well below what makes the service answer 503.</summary>
    public int Senders { get; init; } = 6;
}
