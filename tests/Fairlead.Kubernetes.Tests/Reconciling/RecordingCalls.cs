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

    public TimeSpan? RetryAfter(Exception failure) => null;
}
