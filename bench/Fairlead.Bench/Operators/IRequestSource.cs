namespace Fairlead.Bench.Operators;

/// <summary>Tells which requests an operator has sent so far.</summary>
internal interface IRequestSource
{
    /// <summary>Null: not known.</summary>
    Task<RequestTally?> ReadAsync(CancellationToken cancellationToken);
}
