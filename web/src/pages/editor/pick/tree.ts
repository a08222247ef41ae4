// Outputs as a tree: paths by their parts, what a test found below what the definition tells.

/** A node; one without children is a leaf. */
export interface Node {
  /** The whole path. */
  value: string;
  /** Its last part. */
  label: string;
  type: string;
  children: Node[];
}

/** The tree of these paths, in their order; a path's parents are there even where they were not named. */
export function treeOf(paths: readonly { path: string; type: string }[]): Node[] {
  const roots: Node[] = [];
  const all = new Map<string, Node>();
  const nodeAt = (parts: readonly string[]): Node => {
    const value = joined(parts);
    const there = all.get(value);
    if (there) return there;
    const node: Node = { value, label: parts.at(-1) ?? '', type: '', children: [] };
    all.set(value, node);
    if (parts.length === 1) roots.push(node);
    else nodeAt(parts.slice(0, -1)).children.push(node);
    return node;
  };
  for (const { path, type } of paths) {
    const node = nodeAt(partsOf(path));
    if (node.type === '' || node.type === 'any') node.type = type;
  }
  return roots;
}

/** The tree with what leads to a sought part alone. */
export function pruned(nodes: readonly Node[], sought: string): Node[] {
  const lower = sought.trim().toLowerCase();
  if (lower === '') return [...nodes];
  return nodes.flatMap((node) => {
    if (node.value.toLowerCase().includes(lower)) return [node];
    const children = pruned(node.children, sought);
    return children.length > 0 ? [{ ...node, children }] : [];
  });
}

function partsOf(path: string): string[] {
  return path.match(/[^.[\]]+|\[[^\]]*\]/g) ?? [path];
}

function joined(parts: readonly string[]): string {
  return parts.reduce((text, part) => (text === '' || part.startsWith('[') ? text + part : `${text}.${part}`), '');
}
