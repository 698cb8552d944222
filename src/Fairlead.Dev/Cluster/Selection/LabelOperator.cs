namespace Fairlead.Dev.Cluster.Selection;

internal enum LabelOperator
{
    Exists,
    DoesNotExist,
    In,
    NotIn,
    GreaterThan,
    LessThan,
}
