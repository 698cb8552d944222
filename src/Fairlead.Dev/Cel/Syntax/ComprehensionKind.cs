namespace Fairlead.Dev.Cel.Syntax;

internal enum ComprehensionKind
{
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    TransformMap,
    TransformMapEntry,
}
