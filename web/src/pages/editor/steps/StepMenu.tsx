// What can be done with a step: copied, duplicated, disabled, moved, deleted.

import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconClipboardCopy,
  IconCopy,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconTerminal2,
  IconTrash,
} from '@tabler/icons-react';
import { curlOf } from '../../../document/curl.ts';
import { disable, enable } from '../../../document/disabling.ts';
import type { Path } from '../../../document/path.ts';
import { copySteps, duplicateStep } from '../../../document/steps.ts';
import { useCopy } from '../../../ui/useCopy.ts';
import { useForm } from '../context.ts';

interface Props {
  path: Path;
  count: number;
  index: number;
  name: string;
  isOff: boolean;
  onMove: (to: number) => void;
}

/** The menu. */
export function StepMenu({ path, count, index, name, isOff, onMove }: Props) {
  const form = useForm();
  const copyTo = useCopy();
  const list = path.slice(0, -1);
  const copy = () => copyTo(copySteps(form.reading, list, [index]), `${name} is copied as YAML`);
  const request = form.at([...path, 'request']);
  const copyCurl = () => copyTo(curlOf(request), `${name} is copied as curl, its templates as they are written`);
  const duplicate = () => {
    const made = duplicateStep(form.reading, list, index);
    if ('changes' in made) form.change(made.changes);
  };
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`What can be done with ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconClipboardCopy size={15} aria-hidden />} onClick={copy}>
          Copy as YAML
        </Menu.Item>
        {request !== undefined && (
          <Menu.Item leftSection={<IconTerminal2 size={15} aria-hidden />} onClick={copyCurl}>
            Copy as curl
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={15} aria-hidden />} disabled={form.readOnly} onClick={duplicate}>
          Duplicate
        </Menu.Item>
        <Menu.Item
          leftSection={isOff ? <IconPlayerPlay size={15} aria-hidden /> : <IconPlayerPause size={15} aria-hidden />}
          disabled={form.readOnly}
          onClick={() => form.change((isOff ? enable : disable)(form.reading, path, form.order))}
        >
          {isOff ? 'Enable' : 'Disable'}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowUp size={15} aria-hidden />}
          rightSection="Alt ↑"
          disabled={form.readOnly || index === 0}
          onClick={() => onMove(index - 1)}
        >
          Move up
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={15} aria-hidden />}
          rightSection="Alt ↓"
          disabled={form.readOnly || index === count - 1}
          onClick={() => onMove(index + 1)}
        >
          Move down
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={15} aria-hidden />}
          disabled={form.readOnly}
          onClick={() => form.remove(path)}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
