namespace Fairlead.Operator.Tests;

/// <summary>Operators look after a whole cluster, so that tests which may share a real one run one after the other.</summary>
[CollectionDefinition(nameof(ClusterWideOperators))]
public sealed class ClusterWideOperators;
