namespace Fairlead.Bench.Measurements;

/// <summary>Something that can be measured by itself.</summary>
internal interface IMeasurement
{
    /// <summary>What <c>--only</c> selects it by.</summary>
    string Name { get; }

    /// <param name="duration">How long each figure is measured, after a warm-up of the measurement's choice.</param>
    Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken);
}
