using Fairlead.Kubernetes.Reconciling;

namespace Fairlead.Kubernetes.Tests.Reconciling;

/// <summary>A call that returns a new text each time.</summary>
internal sealed record MintCall(string For) : ExternalCall
{
    public override string Identity => $"mint for {For}";
}

/// <summary>Carries out <see cref="MintCall"/>: <c>minted-1</c>, <c>minted-2</c>, …</summary>
internal sealed class RecordingCalls : IExternalCallHandler
{
    public int Made { get; private set; }

    public ValueTask<object?> CallAsync(ExternalCall call, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>($"minted-{++Made}");

    public List<object> Discarded { get; } = [];

    /// <summary>Thrown by the next attempt to give something back.</summary>
    public Exception? DiscardFailure { get; set; }

    public ValueTask DiscardAsync(ExternalCall call, object result, CancellationToken cancellationToken)
    {
        if (DiscardFailure is { } failure)
        {
            DiscardFailure = null;
            throw failure;
        }

        Discarded.Add(result);
        return ValueTask.CompletedTask;
    }

    public TimeSpan? RetryAfter(Exception failure) => null;
}
